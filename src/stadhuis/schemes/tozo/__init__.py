"""Tozo 1 to 5: income support and a loan for the self-employed, March 2020 to September 2021.

Basis: Tijdelijke overbruggingsregeling zelfstandig ondernemers (Tozo), Stb. 2020, 118 (BWBR0043402), on Participatiewet
art. 78f; it expires on 1 July 2027. `data` holds the dated figures, `inputs` what the rules need, `rules` one function
per rule, `assessment` the advice, `repayment` the schedule of the loan.
"""
