// A reseller's pool: the addresses that they may assign, put in, retyped and taken out by operations of their own.

package account

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
)

// poolOf are the addresses of a pool. What the server does not call exclusive others may use as well.
func poolOf(p *reseller.IPPool) (shared, exclusive []string) {
	for _, a := range p.Addresses {
		if a.Type == ip.Exclusive {
			exclusive = append(exclusive, form.ShownAddress(a.Address))
		} else {
			shared = append(shared, form.ShownAddress(a.Address))
		}
	}
	return shared, exclusive
}

// poolChange is what is to be done to a pool.
type poolChange struct {
	add                         []reseller.NewPoolAddress
	toShared, toExclusive, take []string
}

// changedPool compares the parts of a pool that are to be written with what is in it. An address that changes its part is retyped.
func changedPool(u engine.Update[resellerValue]) (c poolChange) {
	c.toShared = c.want(u.Patch.Shared, u.Have.Shared, u.Have.Exclusive, ip.Shared)
	c.toExclusive = c.want(u.Patch.Exclusive, u.Have.Exclusive, u.Have.Shared, ip.Exclusive)
	c.leave(u.Patch.Shared, u.Have.Shared, u.Want.Exclusive)
	c.leave(u.Patch.Exclusive, u.Have.Exclusive, u.Want.Shared)
	return c
}

// want notes the addresses that are to be put in with a type, and returns those that are in the pool with the other one.
func (c *poolChange) want(wanted, have, other []string, kind string) (retyped []string) {
	for _, a := range wanted {
		switch {
		case slices.Contains(have, a):
		case slices.Contains(other, a):
			retyped = append(retyped, a)
		default:
			c.add = append(c.add, reseller.NewPoolAddress{Address: a, Type: &kind})
		}
	}
	return retyped
}

// leave notes the addresses of a part that are wanted neither there nor in the other part. Nil is not managed.
func (c *poolChange) leave(wanted, have, other []string) {
	if wanted == nil {
		return
	}
	for _, a := range have {
		if !slices.Contains(wanted, a) && !slices.Contains(other, a) {
			c.take = append(c.take, a)
		}
	}
}

// poolCalls are the operations of a change: addresses are put in before others are taken out.
func (c poolChange) poolCalls(of reseller.Owner) (calls []xmlapi.Caller) {
	retype := func(addresses []string, kind string) {
		if len(addresses) > 0 {
			calls = append(calls, reseller.IPPoolSet.Call(reseller.IPPoolSetRequest{
				Owner: of, Filter: reseller.AddressFilter{Addresses: addresses}, Values: reseller.AddressValues{Type: kind},
			}))
		}
	}
	if len(c.add) > 0 {
		calls = append(calls, reseller.IPPoolAdd.Call(reseller.IPPoolAddRequest{Owner: of, Addresses: c.add}))
	}
	retype(c.toShared, ip.Shared)
	retype(c.toExclusive, ip.Exclusive)
	if len(c.take) > 0 {
		calls = append(calls, reseller.IPPoolDel.Call(reseller.IPPoolDelRequest{Owner: of, Addresses: c.take}))
	}
	return calls
}

// writePool writes what differs, and nothing where nothing does. The operations take no GUID: the reseller was found by it in this pass.
func writePool(ctx context.Context, d xmlapi.Doer, u engine.Update[resellerValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	calls := changedPool(u).poolCalls(reseller.Owner{ResellerID: &id})
	if len(calls) == 0 {
		return nil
	}
	if err := d.Do(ctx, calls...); err != nil {
		return err
	}
	for _, c := range calls {
		if failed := xmlapi.Failures(c); len(failed) > 0 {
			return failed[0]
		}
	}
	return nil
}

// isPoolOperation tells the operations of the pool from those of the account.
func isPoolOperation(name string) bool {
	return name == reseller.IPPoolAdd.Name() || name == reseller.IPPoolSet.Name() || name == reseller.IPPoolDel.Name()
}
