"""Who may ask: HTTP, workers, the relay and the command line.

A door decodes, calls one application object, and returns. `composition` alone knows which adapter fills which port.
"""
