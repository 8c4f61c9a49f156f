"""Speed and memory of the product, as ratios to a bare discord.py bot measured in the same run."""
