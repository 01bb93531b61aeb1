package config

import "fmt"

// How large a file beside an article may be, in MiB: if nothing is configured, and at
// most, for each is held in memory while it is filed.
const (
	usualFileSize = 20
	mostFileSize  = 500
)

func (f file) checkFiles(c *Config) error {
	if f.MaxFileSize < 0 || f.MaxFileSize > mostFileSize {
		return &FieldError{Field: "max_file_size", Text: fmt.Sprintf("%d is not a number of MiB between 1 and %d", f.MaxFileSize, mostFileSize)}
	}
	c.MaxFileSize = f.MaxFileSize << 20
	if f.MaxFileSize == 0 {
		c.MaxFileSize = usualFileSize << 20
	}
	return nil
}
