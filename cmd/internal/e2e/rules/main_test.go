// Package rules holds a running server to every rule of receivers that
// federation/SPECS.tsv says to hold, by its id: -run 'TestRules/S9_'.
package rules

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
