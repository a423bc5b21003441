from django.urls import path

from dcsn.jobs import views

app_name = "jobs"
urlpatterns = [
    path("desk/jobs/", views.job_list, name="jobs"),
    path("desk/jobs/<uuid:job_id>/stop/", views.job_stop, name="stop"),
    path("jobs/<uuid:job_id>/", views.job_page, name="job"),
    path("jobs/<uuid:job_id>/file/", views.job_file, name="file"),
    path("jobs/<uuid:job_id>/cancel/", views.job_cancel, name="cancel"),
]
