"""Items 3-93 of the official list of doctors (医師), in its order; core prepends 1-2 and gives 94-233."""

from meibo_doctor.items.practice_report import DoctorPracticeReport
from meibo_doctor.items.reeducation import DoctorReeducation
from meibo_doctor.items.register import DoctorRegister

__all__ = ["DoctorPracticeReport", "DoctorReeducation", "DoctorRegister"]
