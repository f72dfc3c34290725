"""Items 3-89 of the official list of dentists (歯科医師), in its order; core prepends 1-2 and gives 90-229."""

from meibo_dentist.items.practice_report import DentistPracticeReport
from meibo_dentist.items.reeducation import DentistReeducation
from meibo_dentist.items.register import DentistRegister

__all__ = ["DentistPracticeReport", "DentistReeducation", "DentistRegister"]
