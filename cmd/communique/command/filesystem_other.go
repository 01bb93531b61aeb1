//go:build !linux

package command

import "errors"

// fileSystemOf is unsupported on systems that number them in another way.
func fileSystemOf(string) (kind int64, err error) { return 0, errors.ErrUnsupported }
