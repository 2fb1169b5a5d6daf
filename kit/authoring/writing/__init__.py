"""Writing notebooks: new lessons, the gallery, cleaning, opening."""
