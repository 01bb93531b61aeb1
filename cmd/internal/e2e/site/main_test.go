// Package site asks a running server for pages, feeds and what does not exist, as
// browsers do, as proxies and caches in front do, and as nobody who means well
// does.
package site

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
