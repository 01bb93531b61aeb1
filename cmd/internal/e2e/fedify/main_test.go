// Package fedify lets real implementations of others speak with a running server:
// a server on Fedify, and two libraries for signed requests.
package fedify

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
