"""Terms that all rooms share: dates, grades, numbers and errors."""
