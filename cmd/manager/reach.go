// Where servers may be, by flags and by what a pod knows of its cluster.

package main

import (
	"fmt"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// reach reads the flags. apiServer is the address that Kubernetes gives to every pod, "" outside of one: the ranges of the cluster's
// services and pods are known to its administrator only, but no Plesk server has this address.
func reach(allowed, denied, servers, apiServer string) (r engine.Reach, err error) {
	if r.Addresses.Allow, err = xmlapi.ParsePrefixes(allowed); err != nil {
		return r, fmt.Errorf("-allow-addresses: %w", err)
	}
	if r.Addresses.Deny, err = xmlapi.ParsePrefixes(denied); err != nil {
		return r, fmt.Errorf("-deny-addresses: %w", err)
	}
	if r.Hosts, err = engine.ParseHosts(servers); err != nil {
		return r, fmt.Errorf("-allowed-servers: %w", err)
	}
	if own, err := xmlapi.ParsePrefixes(apiServer); err == nil { // it may be a name
		r.Addresses.Deny = append(r.Addresses.Deny, own...)
	}
	return r, nil
}
