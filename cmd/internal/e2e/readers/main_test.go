// Package readers reads the feeds of a running server as others do: with feed
// readers, parsers and schemas, as an aggregator that asks for what is new, and
// as a subscriber at the hub (WebSub).
package readers

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

func TestMain(m *testing.M) { e2etest.Main(m) }
