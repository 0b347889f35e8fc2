"""What is true: entities, values, policies and ports.

Imports only itself and the standard library. Nothing here waits, reads a clock or touches a network.
"""
