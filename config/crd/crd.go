// Package crd has the definitions of all kinds, for programs that check objects without a cluster.
package crd

import "embed"

// Bases holds the definitions, one file each.
//
//go:embed bases/*.yaml
var Bases embed.FS
