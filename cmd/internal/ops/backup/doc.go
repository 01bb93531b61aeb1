// Package backup writes the files of backups so that one under its final name is always
// whole, encrypts them to those who may read them, and keeps a folder of them. What is in
// a backup it does not know: that is a database, made and read elsewhere.
//
// Encrypted files are those of age (https://age-encryption.org/v1), which any program that
// knows age decrypts.
package backup
