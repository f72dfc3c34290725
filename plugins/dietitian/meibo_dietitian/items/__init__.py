"""Items 3-71, 120-121 and 183 of the official list of registered dietitians; core gives the others."""

from meibo_dietitian.items.exam import DietitianExam, ExamNumber, PracticePeriod, PracticeTotal
from meibo_dietitian.items.register import DietitianRegister
from meibo_dietitian.items.training_facility import TrainingFacility

__all__ = [
    "DietitianExam",
    "DietitianRegister",
    "ExamNumber",
    "PracticePeriod",
    "PracticeTotal",
    "TrainingFacility",
]
