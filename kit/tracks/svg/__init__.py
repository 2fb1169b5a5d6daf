"""Pictures as SVG, for slides and papers: drawn from the channels, without a page."""
