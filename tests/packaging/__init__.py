"""What others install: the wheel, the source archive, the container, the unit, and what the documents say of them."""
