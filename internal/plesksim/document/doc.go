// Package document knows how packets look as text: the encodings in which they arrive, what the blanks in them and their empty elements
// mean, and the form in which they are answered. It does not execute anything.
package document
