// Package browser draws the pages of a running server in a real browser and has
// axe-core, pa11y, html-validate and Lighthouse judge them.
package browser

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
