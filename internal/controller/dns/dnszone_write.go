// Writing to a zone: its settings, then its records.

package dns

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

func (Zone) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[zoneValue]) error {
	owner, which, err := ownerOf(u.Identity)
	if err != nil {
		return err
	}
	settings := zoneSettings(owner, which, u)
	if err := sendSteps(ctx, d, settings); err != nil {
		return err
	}
	recordsErr := writeRecords(ctx, d, place{owner: owner}, u)
	if err := firstRefusal(settings); err != nil {
		return err
	}
	return recordsErr
}

// ownerOf says on the wire whose a zone is, and selects it.
func ownerOf(zone engine.Identity) (dns.Owner, xmlapi.Filter, error) {
	id, err := engine.Number(zone.ID)
	if err != nil {
		return dns.Owner{}, xmlapi.Filter{}, err
	}
	if ofAlias(zone) {
		return dns.Owner{SiteAliasID: &id}, dns.BySiteAlias(id), nil
	}
	return dns.Owner{SiteID: &id}, dns.BySite(id), nil
}

// zoneSettings are the steps that change the zone itself.
func zoneSettings(owner dns.Owner, which xmlapi.Filter, u engine.Update[zoneValue]) []*zoneStep {
	var steps []*zoneStep
	if t := u.Patch.Type; t != nil {
		kind := dns.Master
		if *t == zoneSecondary {
			kind = dns.Slave
		}
		c := dns.Switch.Call(dns.SwitchRequest{Filter: which, ZoneType: kind})
		steps = append(steps, &zoneStep{call: c, outcome: c.Err})
	}
	steps = append(steps, masterServers(owner, u)...)
	return append(steps, timesAndState(&which, u)...)
}

// masterServers adds the new ones before it removes the old ones: the zone can always be transferred.
func masterServers(owner dns.Owner, u engine.Update[zoneValue]) []*zoneStep {
	var adds, removals []*zoneStep
	for _, c := range u.Changes {
		if c.Field != "masterServers" {
			continue
		}
		if c.To != "" {
			add := dns.AddMasterServer.Call(dns.AddMasterServerRequest{SiteID: owner.SiteID, SiteAliasID: owner.SiteAliasID, IPAddress: c.To})
			adds = append(adds, &zoneStep{call: add, outcome: func() error { return unlessExists(add.Err()) }})
			continue
		}
		remove := dns.DelMasterServer.Call(xmlapi.FilterRequest{Filter: dns.ByID(u.Have.masters[c.From])})
		removals = append(removals, &zoneStep{call: remove, outcome: func() error { _, err := remove.All(); return err }})
	}
	return append(adds, removals...)
}
