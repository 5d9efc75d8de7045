// Whose records: which of a zone's records a PleskDNSZone compares, notes as its own, and takes back.

package dns

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func ownedByZone(o *v1alpha1.PleskDNSZone) ownedRecords {
	return ownedRecords{list: &o.Status.Records, zone: o.Status.Zone}
}

// Restrict leaves of the zone's records those that are wanted and those that are to go.
func (Zone) Restrict(o *v1alpha1.PleskDNSZone, want, have zoneValue) zoneValue {
	if want.Records == nil {
		return have
	}
	if have.secondary() && (want.Type == nil || len(have.all) == 0) {
		// The records that a secondary zone shows are another server's. On its way to primary its own records are compared, if it
		// shows any: whether it does is undocumented, and hidden ones must not be taken for missing and noted as added.
		have.Records = want.Records
		return have
	}
	return restricted(want, have, ownedByZone(o).byPolicy(o.Spec.RecordPolicy, have.name))
}

// Record notes the records that are about to be added.
func (Zone) Record(o *v1alpha1.PleskDNSZone, changes []engine.Change) { ownedByZone(o).record(changes) }

// Confirm notes the ids of records that are there. From a secondary zone it concludes nothing.
func (Zone) Confirm(o *v1alpha1.PleskDNSZone, have zoneValue) {
	if have.secondary() {
		return
	}
	ownedByZone(o).confirm(have)
	o.Status.Zone = have.name
}

func (Zone) Forget(o *v1alpha1.PleskDNSZone) {
	o.Status.Records, o.Status.Zone, o.Status.Observed = nil, "", nil
}

// CleanUp removes the records that this resource added.
func (Zone) CleanUp(ctx context.Context, d xmlapi.Doer, o *v1alpha1.PleskDNSZone, found *engine.Found[zoneValue]) error {
	owner, _, err := ownerOf(found.Identity)
	if err != nil || len(o.Status.Records) == 0 {
		return err
	}
	return ownedByZone(o).takeBack(ctx, d, place{owner: owner}, found.Value, func() (*engine.Found[zoneValue], error) {
		again, err := Zone{}.Find(ctx, d, engine.Handle{Identity: found.Identity, Was: found.Key})
		if err == nil && again == nil {
			err = noSite()
		}
		return again, err
	})
}
