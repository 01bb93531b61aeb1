//go:build !unix

package command

import "errors"

// roomIn is unsupported on systems that are asked in another way.
func roomIn(string) (free, total uint64, err error) { return 0, 0, errors.ErrUnsupported }
