"""What can be done: one use case a file, and the views that lists return.

Imports the domain and msgspec. A use case authorises, asks the domain, saves; it knows no technology.
"""
