// Package faults kills, stops, locks and misleads a running server in the middle
// of what it does: nothing that was acknowledged may be lost, nothing arrives out
// of order. -faults.rounds and -faults.seed make it longer and repeat it.
package faults

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
