"""Addresses of apportioning and of the numbers it rests on."""

from django.urls import path

from . import apportion_views, inputs_views

APPORTION = "places/<slug:slug>/spend/<str:year>/apportion/"
INPUTS = "programmes/<slug:slug>/inputs/"

urlpatterns = [
    path(APPORTION, apportion_views.apportion, name="apportion"),
    path(f"{APPORTION}apply/", apportion_views.apply_inputs, name="apply-inputs"),
    path(INPUTS, inputs_views.inputs, name="apportionment-inputs"),
    path(f"{INPUTS}record/", inputs_views.record, name="record-input"),
    path(f"{INPUTS}<int:number>/remove/", inputs_views.remove, name="remove-input"),
    path(f"{INPUTS}upload/", inputs_views.upload, name="upload-inputs"),
]
