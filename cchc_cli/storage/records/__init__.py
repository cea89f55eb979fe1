"""Executions, evidence, waivers and closed reviews in tables, and what is counted of them."""
