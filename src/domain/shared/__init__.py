"""What every context shares: ids, money, access, errors, events and the ports of time, chance and transactions."""
