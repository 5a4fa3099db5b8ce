import type { CodegenConfig } from '@graphql-codegen/cli'

/** Typed documents from the committed SDL; `npm run codegen:check` fails when the committed output is stale. */
const config: CodegenConfig = {
  schema: '../graphql/schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**', '!src/**/*.test.*'],
  ignoreNoDocuments: true,
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          ID: 'string',
          DateTime: 'string',
          Date: 'string',
          JSON: '../api/scalars#Json',
          Position: '../api/scalars#Position',
        },
      },
    },
  },
}

export default config
