// What a fleet is read with.

package main

import "github.com/plesk-operator/plesk-operator/test/hoster"

// listPackets is how many packets may list a fleet of so many objects: two for each kind that one operation lists, and one for fifty
// sites with their mail accounts.
func listPackets(objects int) int {
	const kinds, sitesPerPacket = 4, 50
	sites := objects / hoster.FamilySize * hoster.SitesPerFamily
	return 2*kinds + (sites+sitesPerPacket-1)/sitesPerPacket
}

// fleetOperators are those that read a fleet.
var fleetOperators = []string{"customer", "service-plan", "webspace", "dns", "mail"}
