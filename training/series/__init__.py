"""Synthetic metric series: what a process or a server shows, with the future of each."""
