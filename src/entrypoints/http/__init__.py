"""The HTTP door: decode, ask one application object, answer. It authenticates and checks the policy of the route;
the use case decides about the object. Problems are spoken in `problems.py` only, statuses are known nowhere below.
One module per context holds its controllers; `app.py` lists them.
"""
