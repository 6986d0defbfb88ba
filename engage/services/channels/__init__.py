"""The ways by which staff are told, one module each: it sends one notice, or raises."""
