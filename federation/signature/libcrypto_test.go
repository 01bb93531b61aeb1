//go:build linux && (amd64 || arm64) && !static

package signature

import (
	"testing"

	"github.com/ebitengine/purego"
)

// TestNoLibcrypto: a library that is not there, or is another one, is told of.
func TestNoLibcrypto(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"libcrypto.so.none", "libc.so.6"} {
		if by, err := loadLibcrypto(name); err == nil {
			t.Errorf("%s: %s", name, by)
		}
	}
}

// BenchmarkCall is a call that does nothing.
func BenchmarkCall(b *testing.B) {
	library, err := purego.Dlopen(libcryptoName, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		b.Skip(err)
	}
	address, err := purego.Dlsym(library, "OpenSSL_version_num")
	if err != nil {
		b.Fatal(err)
	}
	var number func() uint64
	purego.RegisterFunc(&number, address)
	for b.Loop() {
		number()
	}
}
