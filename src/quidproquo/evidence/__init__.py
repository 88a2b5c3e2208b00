"""Evidence: how claims weigh worlds, and what each of them moves."""
