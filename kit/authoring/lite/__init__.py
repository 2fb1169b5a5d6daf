"""The lessons as a site with Jupyter in it, which runs in the browser alone.

JupyterLite is JupyterLab without a server, and its kernel is Pyodide: CPython compiled to
WebAssembly.
"""
