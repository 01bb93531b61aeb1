package sightings_test

import (
	"testing"

	"communique/storage/storagetest"
	"communique/storage/storagetest/engines"
)

func TestConformance(t *testing.T) { engines.Run(t, storagetest.Sightings) }
