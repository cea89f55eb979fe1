"""Executions, evidence, waivers and closed reviews: adding, reading and counting them."""
