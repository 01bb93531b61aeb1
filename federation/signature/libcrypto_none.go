//go:build !linux || !(amd64 || arm64) || static

package signature

import "errors"

// openLibcrypto is not there in a program that loads no libraries.
func openLibcrypto() (RSA, error) {
	return nil, errors.New("this program was built without it")
}
