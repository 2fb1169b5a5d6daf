"""The lessons as a static site: pages that play without a kernel and without a network."""
