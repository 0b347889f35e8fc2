"""The composition root: the only package that knows which adapter fills which port.

One module for each kind of need, so that a small command does not import what it does not use.
"""
