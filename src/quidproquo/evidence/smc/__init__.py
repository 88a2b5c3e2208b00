"""Tempered sequential Monte Carlo: the target, its kernels, and the draws that come out."""
