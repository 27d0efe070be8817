"""Stateful servers on loopback that refuse what the platforms refuse."""
