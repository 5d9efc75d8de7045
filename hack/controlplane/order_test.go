// Pins the order in which the sources of the binaries are tried.

package main

import (
	"slices"
	"testing"
)

func TestOrder(t *testing.T) {
	both := []string{apiserver, etcd}
	for name, test := range map[string]struct {
		situation situation
		want      []source
		fails     bool
	}{
		"a named directory wins over the cache":        {situation{assets: "/opt/envtest"}, []source{fromEnvironment}, false},
		"a named directory wins over a forced build":   {situation{assets: "/opt/envtest", cacheMissing: both, buildOnly: true}, []source{fromEnvironment}, false},
		"a named directory without etcd is an error":   {situation{assets: "/opt/envtest", assetsMissing: []string{etcd}}, nil, true},
		"a relative directory is an error":             {situation{assets: "bin/envtest"}, nil, true},
		"a full cache needs no network":                {situation{}, []source{fromCache}, false},
		"a full cache serves a forced build, too":      {situation{buildOnly: true}, []source{fromCache}, false},
		"an empty cache tries the download first":      {situation{cacheMissing: both}, []source{fromDownload, fromBuild}, false},
		"half a cache is no cache":                     {situation{cacheMissing: []string{apiserver}}, []source{fromDownload, fromBuild}, false},
		"a forced build does not ask for the download": {situation{cacheMissing: both, buildOnly: true}, []source{fromBuild}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := order(test.situation)
			if !slices.Equal(got, test.want) || (err != nil) != test.fails {
				t.Errorf("order(%+v) = %v, %v; want %v, an error: %v", test.situation, got, err, test.want, test.fails)
			}
		})
	}
}
