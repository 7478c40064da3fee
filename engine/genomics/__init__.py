"""Genotypes: variant files to star alleles, phenotypes and dosing guidelines, and disease risk by Bayes."""
