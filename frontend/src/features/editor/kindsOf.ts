import type { Json } from '@/api/scalars'
import { DescriptorFragment } from '@/catalogue/useCatalogue'
import { type FragmentType, readFragment } from '@/gql/fragment-masking'
import type { CatalogueQuery } from '@/gql/graphql'
import type { Descriptor, Kind } from './model/kind'

type Masked = FragmentType<typeof DescriptorFragment> & { fields?: readonly Masked[] }

/** The catalogue as the model holds it. Fields are three deep; deeper ones no form can show. */
export function kindsOf(data: CatalogueQuery): Kind[] {
  return data.nodeKinds.map((kind) => ({ ...kind, parameters: kind.parameters.map(descriptorOf) }))
}

function descriptorOf(masked: Masked): Descriptor {
  const found = readFragment(DescriptorFragment, masked)
  return {
    ...found,
    default: found.default as Json | undefined,
    options: found.options.map((option) => ({ ...option, value: option.value as Json })),
    showWhen: found.showWhen.map((condition) => ({ ...condition, values: condition.values as Json })),
    fields: (masked.fields ?? []).map(descriptorOf),
  }
}
