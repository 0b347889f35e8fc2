"""The contract: an OpenAPI 3.1 document made from the routes, their types and their policies.

Litestar's own generator is not used: it describes neither our problems nor our policies, and reads bounds that msgspec
does not enforce. Here the schemas are msgspec's, so that document and decoder cannot disagree.
"""
