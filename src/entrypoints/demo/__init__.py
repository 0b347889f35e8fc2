"""The demo workspace: a dealership with its stock, rules, staff and a morning's inbox.

All names, plates, numbers and addresses are invented.
"""
