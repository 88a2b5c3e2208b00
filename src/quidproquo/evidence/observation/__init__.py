"""How probable a report is in a world: forms of report, scales, and what a claim is compared with."""
