"""Bridges: ports of one context that another context's repositories fill, whatever database is behind them."""
