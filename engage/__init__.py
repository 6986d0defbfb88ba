"""Conversations with children and young people in joint inspections."""
