package e2etest

import (
	"crypto/ed25519"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// Unbase58 reads a Multibase text of base58btc.
func Unbase58(t *testing.T, multibase string) []byte {
	t.Helper()
	encoded, ok := strings.CutPrefix(multibase, "z")
	if !ok {
		t.Fatalf("%q is not base58btc", multibase)
	}
	n := new(big.Int)
	for _, c := range encoded {
		n.Mul(n, big.NewInt(58))
		n.Add(n, big.NewInt(int64(strings.IndexRune(base58, c))))
	}
	return n.Bytes()
}

// FurtherID is the id of the peer's Ed25519 key.
func (p *Peer) FurtherID() string { return p.Actor() + "#ed25519-key" }

// multikey is the peer's Ed25519 key as FEP-521a publishes it.
func (p *Peer) multikey() map[string]any {
	public, ok := p.Further.Public().(ed25519.PublicKey)
	if !ok {
		p.t.Fatal("the further key is not Ed25519")
	}
	return map[string]any{
		"id": p.FurtherID(), "type": "Multikey", "controller": p.Actor(),
		"publicKeyMultibase": "z" + toBase58(append([]byte{0xed, 1}, public...)),
	}
}

func toBase58(raw []byte) string {
	var text string
	n, digit := new(big.Int).SetBytes(raw), new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), digit)
		text = fmt.Sprintf("%c%s", base58[digit.Int64()], text)
	}
	return text
}
