"""How it is done: each folder is a technology that fills ports of the domain and the application.

Only `entrypoints.composition` may import from here. Foreign types and errors stop here.
"""
