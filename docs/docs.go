// The documents that programs quote, so that what they tell people stands in one place.

// Package docs holds the documentation.
package docs

import _ "embed"

// Reasons is reasons.md: the table of what each reason means.
//
//go:embed reasons.md
var Reasons string
